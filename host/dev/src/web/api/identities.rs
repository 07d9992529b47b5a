//! Identities: what devices need to connect with TLS.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::system::Signed;
use crate::web::extract::Body;
use crate::web::problem::Problem;
use crate::web::site::Site;

/// A device that wants a certificate for its key.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct NewIdentity {
    /// Its name, which becomes the certificate's common name and is the only client id that it may connect with.
    #[schema(example = "home-heating", min_length = 1, max_length = 128, pattern = "^[a-zA-Z0-9:_-]+$")]
    device: String,
    /// A certificate signing request, PEM, that was made with its key: ECDSA P-256 or P-384, or RSA with at least 2048 bits. What the
    /// request asks for beside that is not looked at.
    #[schema(example = "-----BEGIN CERTIFICATE REQUEST-----\n…\n-----END CERTIFICATE REQUEST-----\n")]
    csr: String,
}

/// What the device needs to connect, beside its key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Identity {
    /// The device's name: its client id.
    device: String,
    /// Its certificate, PEM.
    certificate: String,
    /// SHA-256 of the certificate, by which events name it.
    certificate_id: String,
    /// The certificate of the authority that has issued the broker's, PEM.
    ca: String,
    /// Where to connect.
    #[schema(example = "mqtts://localhost:8883")]
    mqtts: String,
}

/// Issues a certificate for a key that stays on its device. The same request gets another certificate each time.
#[utoipa::path(post, path = "/api/identities", tag = "devices", request_body = NewIdentity, responses(
    (status = 201, description = "It is issued.", body = Identity),
    (status = 404, description = "Nobody here issues certificates: messages come from another broker.", content_type = "application/problem+json", body = Problem),
    (status = 422, description = "The name or the request is not good.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn issue(
    State(site): State<Arc<Site>>,
    Body(NewIdentity { device, csr }): Body<NewIdentity>,
) -> Result<(StatusCode, Json<Identity>), Problem> {
    let Signed { certificate, ca, mqtts } = site.system.sign(device.clone(), csr).await?;
    let (certificate, certificate_id) = (certificate.pem, certificate.id);
    Ok((StatusCode::CREATED, Json(Identity { device, certificate, certificate_id, ca, mqtts })))
}
