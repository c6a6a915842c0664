# A rollout from its first stage to its end. README.md says how the emulator is started for it.

variables {
  firmware_id = "thermostat-2-0-0"
  product_key = "a1Thermostat"
  stages = [
    { name = "pilot", src_versions = ["2.0.0-rc1"] },
    { name = "everyone", src_versions = ["1.0.0", "1.0.1"] },
  ]
  tags = { wave = "pilot" }
}

run "first_stage" {
  assert {
    condition     = output.job_status == "IN_PROGRESS" && output.dest_version == "2.0.0"
    error_message = "The job is not running."
  }

  assert {
    condition     = alicloud_iot_ota_dynamic_job.this[0].src_versions == tolist(["2.0.0-rc1"])
    error_message = "The job is open to other versions than the first stage's."
  }
}

run "second_stage" {
  variables {
    open_stages = 2
  }

  assert {
    condition     = output.job_status == "IN_PROGRESS" && length(alicloud_iot_ota_dynamic_job.this[0].src_versions) == 3
    error_message = "The rollout was not widened."
  }
}

run "end" {
  variables {
    open_stages = 0
  }

  assert {
    condition     = output.job_id == null && length(output.stages) == 0
    error_message = "The job is still there."
  }
}
