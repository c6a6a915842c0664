# A rollout behind a gate, as a module with tests: first without any service, then against the emulator.

terraform {
  required_providers {
    alicloud = {
      source = "terraform.local/iot/alicloud-iot"
    }
  }
}

variable "maximum_failed_percentage" {
  description = "How much of what has finished may have failed before the rollout is stopped."
  type        = number
  default     = 5
}

resource "alicloud_iot_ota_dynamic_job" "pilot" {
  firmware_id        = "thermostat-2-0-0"
  product_key        = "a1Thermostat"
  src_versions       = ["1.0.0"]
  maximum_per_minute = 1000

  tags = {
    wave = "pilot"
  }
}

resource "alicloud_iot_ota_rollout_gate" "pilot" {
  job_id = alicloud_iot_ota_dynamic_job.pilot.job_id

  minimum_finished          = 500
  maximum_failed_percentage = var.maximum_failed_percentage

  time_box      = "5m"
  poll_interval = "2s"
  on_breach     = "cancel"
}

output "failed_percentage" {
  description = "How much of what had finished had failed when the gate passed."
  value = 100 * alicloud_iot_ota_rollout_gate.pilot.task_counts["FAILED"] / (
    alicloud_iot_ota_rollout_gate.pilot.task_counts["FAILED"] + alicloud_iot_ota_rollout_gate.pilot.task_counts["SUCCEEDED"]
  )
}
