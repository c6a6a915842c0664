terraform {
  required_version = ">= 1.3"

  required_providers {
    alicloud = {
      source = "terraform.local/iot/alicloud-iot"
    }
  }
}
