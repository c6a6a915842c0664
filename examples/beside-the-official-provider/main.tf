terraform {
  required_providers {
    alicloud = {
      source = "aliyun/alicloud"
    }
    alicloud-iot = {
      source = "terraform.local/iot/alicloud-iot"
    }
  }
}

provider "alicloud-iot" {
  region = "cn-shanghai"
}

resource "alicloud_iot_ota_dynamic_job" "thermostat" {
  provider = alicloud-iot

  firmware_id  = "thermostat-2-0-0"
  product_key  = "a1Thermostat"
  src_versions = ["1.0.0"]
}
