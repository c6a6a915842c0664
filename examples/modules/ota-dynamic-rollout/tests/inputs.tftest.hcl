# What the module makes of its inputs, and which it refuses. No provider is asked.

mock_provider "alicloud" {}

variables {
  firmware_id = "thermostat-2-0-0"
  product_key = "a1Thermostat"
  stages = [
    { name = "pilot", src_versions = ["2.0.0-rc1"] },
    { name = "first", src_versions = ["1.0.1", "2.0.0-rc1"] },
    { name = "everyone", src_versions = ["1.0.0"] },
  ]
}

run "defaults_open_the_first_stage" {
  command = plan

  assert {
    condition     = alicloud_iot_ota_dynamic_job.this[0].src_versions == tolist(["2.0.0-rc1"])
    error_message = "The first stage alone is to be open."
  }

  assert {
    condition     = alicloud_iot_ota_dynamic_job.this[0].maximum_per_minute == 100 && alicloud_iot_ota_dynamic_job.this[0].timeout_in_minutes == 60
    error_message = "The default pace is 100 devices a minute with an hour for each."
  }

  assert {
    condition     = alicloud_iot_ota_dynamic_job.this[0].retry_interval == null && alicloud_iot_ota_dynamic_job.this[0].retry_count == null
    error_message = "Nothing is tried again unless it is asked for."
  }

  assert {
    condition     = alicloud_iot_ota_dynamic_job.this[0].on_external_cancel == "keep" && alicloud_iot_ota_dynamic_job.this[0].on_destroy == "cancel_pending"
    error_message = "An operator's stop is to stand, and an end to take back what no device has begun."
  }
}

run "further_stages_add_their_versions_once" {
  command = plan

  variables {
    open_stages = 3
    retry       = { interval_in_minutes = 0, count = 5 }
  }

  assert {
    condition     = output.src_versions == tolist(["2.0.0-rc1", "1.0.1", "1.0.0"])
    error_message = "The versions of all stages are to be open, each once."
  }

  assert {
    condition     = output.stages == tolist(["pilot", "first", "everyone"])
    error_message = "All stages are open."
  }

  assert {
    condition     = alicloud_iot_ota_dynamic_job.this[0].retry_interval == 0 && alicloud_iot_ota_dynamic_job.this[0].retry_count == 5
    error_message = "0 minutes is at once, not off."
  }
}

run "no_open_stage_is_no_job" {
  command = plan

  variables {
    open_stages = 0
  }

  assert {
    condition     = length(alicloud_iot_ota_dynamic_job.this) == 0 && output.job_id == null
    error_message = "Without an open stage there is no job."
  }
}

run "more_stages_than_there_are" {
  command = plan

  variables {
    open_stages = 4
  }

  expect_failures = [alicloud_iot_ota_dynamic_job.this]
}

run "stage_without_versions" {
  command = plan

  variables {
    stages = [{ name = "everyone", src_versions = [] }]
  }

  expect_failures = [var.stages]
}

run "two_stages_of_one_name" {
  command = plan

  variables {
    stages = [{ name = "a", src_versions = ["1"] }, { name = "a", src_versions = ["2"] }]
  }

  expect_failures = [var.stages]
}

run "more_versions_than_a_job_takes" {
  command = plan

  variables {
    stages = [{ name = "everyone", src_versions = [for number in range(11) : "1.0.${number}"] }]
  }

  expect_failures = [var.stages]
}

run "pace_that_could_not_be_changed_later" {
  command = plan

  variables {
    pace = { maximum_per_minute = 9 }
  }

  expect_failures = [var.pace]
}

run "retry_interval_that_the_service_does_not_know" {
  command = plan

  variables {
    retry = { interval_in_minutes = 15, count = 1 }
  }

  expect_failures = [var.retry]
}

run "tag_key_with_a_dash" {
  command = plan

  variables {
    tags = { "wave-1" = "x" }
  }

  expect_failures = [var.tags]
}

run "unknown_reaction" {
  command = plan

  variables {
    on_external_cancel = "ignore"
  }

  expect_failures = [var.on_external_cancel]
}

run "unknown_end" {
  command = plan

  variables {
    on_destroy = "delete"
  }

  expect_failures = [var.on_destroy]
}
