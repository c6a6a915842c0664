# The least: every device that reports version 1.0.0 gets the package.
resource "alicloud_iot_ota_dynamic_job" "minimal" {
  firmware_id  = "nx3xxVvFdwvn6dim50PY030100"
  product_key  = "a1Le6d0TEST"
  src_versions = ["1.0.0"]
}

# A careful rollout. Each device that fails is tried again twice. A destroy takes the update
# back from devices that have not begun it, and nothing starts again by itself if somebody
# stops the job in the console.
resource "alicloud_iot_ota_dynamic_job" "careful" {
  firmware_id = "kpU4wVbRSWzDTBhkCGAe010100"
  product_key = "a1Le6d0TEST"

  src_versions = ["1.0.0", "1.0.1"]

  maximum_per_minute = 100
  timeout_in_minutes = 60
  retry_interval     = 10
  retry_count        = 2
  need_confirm       = true

  # Devices receive these.
  tags = {
    wave = "pilot"
  }

  on_destroy         = "cancel_pending"
  on_external_cancel = "keep"

  timeouts {
    create = "10m"
  }
}
