# shellcheck shell=bash
# The bucket with the function's packages, under STACK/DIGEST.zip. Names are digests, so nothing in it ever changes.

# The bucket of this stack, unless one was given; sets `bucket` and `owns_bucket`.
name_bucket() {
    owns_bucket=
    if [[ -n ${bucket-} ]]; then return; fi
    bucket=${stack,,}-artifacts-$account-$region
    owns_bucket=1
    if ((${#bucket} > 63)); then misused "\`$bucket\` is too long for a bucket's name: give --bucket"; fi
}

# Whether it is there. Somebody else's of the same name is not ours.
bucket_exists() {
    exists "(404)" aws s3api head-bucket --bucket "$bucket" --expected-bucket-owner "$account"
}

# The last of its settings is there when all are.
bucket_is_set_up() {
    exists NoSuchBucketPolicy aws s3api get-bucket-policy --bucket "$bucket" --expected-bucket-owner "$account"
}

# Makes it, or goes on where that was broken off.
set_up_bucket() {
    if ! bucket_exists; then
        local place=()
        # The oldest region has no name here.
        if [[ $region != us-east-1 ]]; then place=(--create-bucket-configuration "LocationConstraint=$region"); fi
        aws s3api create-bucket --bucket "$bucket" "${place[@]}" >/dev/null
    fi
    local of=(--bucket "$bucket" --expected-bucket-owner "$account")
    aws s3api put-public-access-block "${of[@]}" --public-access-block-configuration \
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
    aws s3api put-bucket-encryption "${of[@]}" --server-side-encryption-configuration \
        '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}'
    # A package that is in use never ages: CloudFormation needs it to roll back.
    aws s3api put-bucket-lifecycle-configuration "${of[@]}" --lifecycle-configuration '{"Rules":[
        {"ID":"superseded","Status":"Enabled","Filter":{"Tag":{"Key":"superseded","Value":"true"}},"Expiration":{"Days":90}},
        {"ID":"broken-uploads","Status":"Enabled","Filter":{"Prefix":""},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7}}]}'
    aws s3api put-bucket-policy "${of[@]}" --policy '{"Version":"2012-10-17","Statement":[{"Sid":"OnlyTls","Effect":"Deny","Principal":"*",
        "Action":"s3:*","Resource":["arn:'"$partition:s3:::$bucket"'","arn:'"$partition:s3:::$bucket"'/*"],
        "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'
}

# Uploads a file, unless it is there.
upload() {
    local file=$1 key=$2
    if object_exists "$key"; then
        line "s3://$bucket/$key is there"
        return
    fi
    line "uploading s3://$bucket/$key"
    if [[ -n $dry_run ]]; then return; fi
    aws s3api put-object --bucket "$bucket" --expected-bucket-owner "$account" --key "$key" --body "$file" >/dev/null
}

object_exists() {
    exists "(404)" aws s3api head-object --bucket "$bucket" --expected-bucket-owner "$account" --key "$1"
}

# Says of an object whether it is in use. A copy onto itself begins its days anew.
mark_package() {
    local key=$1 tags=$2
    aws s3api copy-object --bucket "$bucket" --key "$key" --copy-source "$bucket/$key" --expected-bucket-owner "$account" \
        --metadata-directive REPLACE --tagging-directive REPLACE --tagging "$tags" >/dev/null
}

is_superseded() {
    local found
    found=$(aws s3api get-object-tagging --bucket "$bucket" --expected-bucket-owner "$account" --key "$1" \
        --query "TagSet[?Key=='superseded'].Value" --output text)
    [[ $found == true ]]
}

# Where CloudFormation finds it.
url_of() {
    local suffix=amazonaws.com
    if [[ $partition == aws-cn ]]; then suffix=amazonaws.com.cn; fi
    printf 'https://%s.s3.%s.%s/%s' "$bucket" "$region" "$suffix" "$1"
}
