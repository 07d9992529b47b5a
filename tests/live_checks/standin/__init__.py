"""AWS as far as the checks ask it, for their own tests: moto, and around it what moto has not. A broker with TLS that evaluates
IoT policies, a rules engine that runs `campanile rule eval`, Lambda's retries, and the table's resource policy.

What runs against this proves that the script makes, asks, compares, reports and cleans up, and that it finds what differs
(`faults`). It proves nothing of AWS. It runs under the Python of moto (`python -m live_checks.standin`).
"""
