# One update package, rolled out to every device of a product that reports version 1.0.0 or 1.0.1.

terraform {
  required_providers {
    alicloud = {
      source = "terraform.local/iot/alicloud-iot"
    }
  }
}

# Credentials come from ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY.
provider "alicloud" {
  region = "cn-shanghai"
}

variable "wave" {
  description = "Which wave of the rollout this is. Devices receive it as a tag."
  type        = string
  default     = "pilot"
}

resource "alicloud_iot_ota_dynamic_job" "thermostat" {
  firmware_id = "thermostat-2-0-0"
  product_key = "a1Thermostat"

  src_versions = ["1.0.0", "1.0.1"]

  maximum_per_minute = 100
  timeout_in_minutes = 60
  retry_interval     = 10
  retry_count        = 2

  tags = {
    wave = var.wave
  }
}

output "job_id" {
  description = "ID of the running job."
  value       = alicloud_iot_ota_dynamic_job.thermostat.job_id
}

output "job_status" {
  description = "Status of the job."
  value       = alicloud_iot_ota_dynamic_job.thermostat.job_status
}
