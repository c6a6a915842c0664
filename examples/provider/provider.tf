terraform {
  required_providers {
    alicloud = {
      source = "terraform.local/iot/alicloud-iot"
    }
  }
}

# The keys come from ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY.
provider "alicloud" {
  region = "cn-shanghai"
}
