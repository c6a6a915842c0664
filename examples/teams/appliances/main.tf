# A team with several products, each with a package and a stage of its own.

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

variable "rollouts" {
  description = "Rollouts by product: the package, the versions of each stage in their order, and how many stages are open."
  type = map(object({
    firmware_id        = string
    product_key        = string
    stages             = list(object({ name = string, src_versions = list(string) }))
    open_stages        = number
    maximum_per_minute = optional(number, 100)
  }))

  default = {
    fridge = {
      firmware_id = "fridge-5-1"
      product_key = "a1Fridge"
      open_stages = 2
      stages = [
        { name = "lab", src_versions = ["5.1-beta"] },
        { name = "north", src_versions = ["5.0-n", "4.9-n"] },
        { name = "south", src_versions = ["5.0-s"] },
      ]
    }
    oven = {
      firmware_id        = "oven-3-0"
      product_key        = "a1Oven"
      open_stages        = 1
      maximum_per_minute = 20
      stages = [
        { name = "lab", src_versions = ["3.0-beta"] },
        { name = "everyone", src_versions = ["2.7", "2.8"] },
      ]
    }
  }
}

module "rollout" {
  source   = "../../modules/ota-dynamic-rollout"
  for_each = var.rollouts

  firmware_id = each.value.firmware_id
  product_key = each.value.product_key
  stages      = each.value.stages
  open_stages = each.value.open_stages

  pace = { maximum_per_minute = each.value.maximum_per_minute }
  tags = { product = each.key }
}

output "jobs" {
  description = "IDs of the running jobs by product."
  value       = { for name, rollout in module.rollout : name => rollout.job_id }
}
