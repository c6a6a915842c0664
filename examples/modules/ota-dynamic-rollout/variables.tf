variable "firmware_id" {
  description = "ID of the update package. It has to be verified, and has no other running dynamic job. Another one ends this rollout and starts a new one."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.firmware_id) != ""
    error_message = "Give the ID of the update package, as the console shows it."
  }
}

variable "product_key" {
  description = "Key of the product that the package belongs to."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.product_key) != ""
    error_message = "Give the key of the product, as the console shows it."
  }
}

variable "iot_instance_id" {
  description = "ID of the IoT Platform instance. Left out, it is the provider's."
  type        = string
  default     = null
}

variable "stages" {
  description = "Stages of the rollout in their order: each adds the versions whose devices get the package. All stages together have at most 10 different versions."
  type = list(object({
    name         = string
    src_versions = list(string)
  }))
  nullable = false

  validation {
    condition     = length(var.stages) > 0 && length(distinct(var.stages[*].name)) == length(var.stages)
    error_message = "Give at least one stage, and each a name of its own."
  }

  validation {
    condition     = alltrue([for stage in var.stages : length(stage.src_versions) > 0])
    error_message = "Each stage needs at least one version: without versions a rollout may reach every device of the product."
  }

  validation {
    condition     = alltrue([for version in flatten(var.stages[*].src_versions) : trimspace(version) != ""])
    error_message = "A version is an empty text. Give it as the devices report it."
  }

  validation {
    condition     = length(distinct(flatten(var.stages[*].src_versions))) <= 10
    error_message = "A job takes at most 10 different versions, all stages together."
  }
}

variable "open_stages" {
  description = "How many stages are open, counted from the first. Raise it to widen the rollout; 0 ends it."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.open_stages >= 0 && floor(var.open_stages) == var.open_stages
    error_message = "Give a whole number from 0 to the number of stages."
  }
}

variable "pace" {
  description = "How many devices are offered the package in a minute, and how many minutes the update of one may take."
  type = object({
    maximum_per_minute = optional(number, 100)
    timeout_in_minutes = optional(number, 60)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.pace.maximum_per_minute >= 10 && var.pace.maximum_per_minute <= 1000
    error_message = "Between 10 and 1000 devices a minute: fewer than 10 cannot be changed later without a new job."
  }

  validation {
    condition     = var.pace.timeout_in_minutes >= 1 && var.pace.timeout_in_minutes <= 1440
    error_message = "The update of a device may take 1 to 1440 minutes."
  }
}

variable "retry" {
  description = "After how many minutes a failed update is tried again (0 is at once), and how often. Left out, it is not."
  type = object({
    interval_in_minutes = number
    count               = number
  })
  default = null

  validation {
    condition     = var.retry == null ? true : contains([0, 10, 30, 60, 1440], var.retry.interval_in_minutes)
    error_message = "The interval is 0, 10, 30, 60 or 1440 minutes."
  }

  validation {
    condition     = var.retry == null ? true : contains([1, 2, 5], var.retry.count)
    error_message = "A failed update is tried again 1, 2 or 5 times."
  }
}

variable "need_confirm" {
  description = "Whether each device waits until its user confirms the update in an app of yours."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of the batch. The devices receive them with the update notice."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.tags) : can(regex("^[A-Za-z0-9.]{1,30}$", key))])
    error_message = "A key has 1 to 30 ASCII letters, digits and periods."
  }

  validation {
    condition     = alltrue([for value in values(var.tags) : try(length(value) >= 1 && length(value) <= 128, false)])
    error_message = "A value has 1 to 128 characters."
  }
}

variable "on_destroy" {
  description = "What becomes of the updates that devices have when the rollout ends: `cancel_strategy` lets them go on, `cancel_pending` takes back those that no device has begun, `cancel_all` those in progress too, `keep` lets the whole job run on outside Terraform."
  type        = string
  default     = "cancel_pending"
  nullable    = false

  validation {
    condition     = contains(["cancel_strategy", "cancel_pending", "cancel_all", "keep"], var.on_destroy)
    error_message = "Choose cancel_strategy, cancel_pending, cancel_all or keep."
  }
}

variable "on_external_cancel" {
  description = "What happens after somebody has cancelled the job outside Terraform: `keep` lets the stop stand, `recreate` proposes a new job, `error` stops every plan until somebody decides."
  type        = string
  default     = "keep"
  nullable    = false

  validation {
    condition     = contains(["keep", "recreate", "error"], var.on_external_cancel)
    error_message = "Choose keep, recreate or error."
  }
}
