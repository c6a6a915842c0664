# A team with one product and one package: the pilots first, then everyone.

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

module "rollout" {
  source = "../../modules/ota-dynamic-rollout"

  firmware_id = "thermostat-2-0-0"
  product_key = "a1Thermostat"

  stages = [
    { name = "pilot", src_versions = ["2.0.0-rc1"] },
    { name = "everyone", src_versions = ["1.0.0", "1.0.1"] },
  ]

  # Raise this once the pilots are well.
  open_stages = 1

  retry = { interval_in_minutes = 10, count = 2 }
}

output "rollout" {
  description = "The job, and whom it is open to."
  value       = module.rollout
}
