# The pilot: a slow rollout to the devices on 1.0.0. If the gate stops it, it stays stopped.
resource "alicloud_iot_ota_dynamic_job" "pilot" {
  firmware_id        = "nx3xxVvFdwvn6dim50PY030100"
  product_key        = "a1Le6d0TEST"
  src_versions       = ["1.0.0"]
  maximum_per_minute = 20
  on_external_cancel = "keep"
}

# Passes once 50 devices have finished and at least 98 % of those succeeded. More than 5 %
# failures stop the pilot at once.
resource "alicloud_iot_ota_rollout_gate" "pilot" {
  job_id = alicloud_iot_ota_dynamic_job.pilot.job_id

  minimum_finished           = 50
  minimum_success_percentage = 98
  maximum_failed_percentage  = 5

  time_box  = "2h"
  on_breach = "cancel"
}

# The rest, with a package that is made for the other hardware: only behind the gate.
resource "alicloud_iot_ota_dynamic_job" "rest" {
  firmware_id  = "kpU4wVbRSWzDTBhkCGAe010100"
  product_key  = "a1Le6d0TEST"
  src_versions = ["1.0.1"]

  depends_on = [alicloud_iot_ota_rollout_gate.pilot]
}
