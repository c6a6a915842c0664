# Against the emulator with fixtures.json, where one device in ten fails. README.md says how to start it.

provider "alicloud" {
  region      = "cn-shanghai"
  refuse_live = true
}

run "a_pilot_that_tolerates_the_failures_passes" {
  variables {
    maximum_failed_percentage = 20
  }

  assert {
    condition     = alicloud_iot_ota_rollout_gate.pilot.verdict == "passed"
    error_message = "The gate did not pass."
  }

  assert {
    condition     = output.failed_percentage > 5 && output.failed_percentage < 15
    error_message = "One device in ten fails, not ${output.failed_percentage} in a hundred."
  }
}
