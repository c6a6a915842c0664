//! Finding the package or job that a call names, or the documented refusal.

use crate::answer::{Refusal, ServiceError};
use crate::clock::millis;
use crate::fleet::DeviceNumber;
use crate::operations::Call;
use crate::store::{Firmware, Job, JobNumber};

impl Call<'_> {
    /// The instance that the call is for; `None` is the public instance.
    pub(super) fn instance_id(&self) -> Option<&str> {
        self.parameters.get("IotInstanceId")
    }

    /// The package named by `FirmwareId`, seen from the call's instance.
    pub(super) fn firmware(&self) -> Result<&Firmware, Refusal> {
        let id = self.parameters.required("FirmwareId")?;
        let Some(firmware) = self.store.firmware(id) else {
            let message = format!("The package {id} does not exist.");
            return Err(ServiceError::new("iot.ota.FirmwareNotFound", message).into());
        };
        if !firmware.instance.includes(self.instance_id()) {
            return Err(other_instance("package"));
        }
        Ok(firmware)
    }

    /// The package named by `FirmwareId`, which has to belong to the product named by `ProductKey`.
    pub(super) fn firmware_of_product(&self) -> Result<&Firmware, Refusal> {
        self.parameters.required("FirmwareId")?;
        let product_key = self.product_key()?;
        let firmware = self.firmware()?;
        if !firmware.fits_product(product_key) {
            let message = format!("The package {} does not belong to the product {product_key}.", firmware.id);
            return Err(ServiceError::new("iot.ota.FirmwareAndProductKeyMismatch", message).into());
        }
        Ok(firmware)
    }

    /// The product named by `ProductKey`.
    pub(super) fn product_key(&self) -> Result<&str, Refusal> {
        let product_key = self.parameters.required("ProductKey")?;
        if !self.store.fixtures.has_product(product_key) {
            let message = format!("The product {product_key} does not exist.");
            return Err(ServiceError::new("iot.prod.NotExistedProduct", message).into());
        }
        Ok(product_key)
    }

    /// Whether the job is old enough to be shown by calls that only look.
    pub(super) fn shows(&self, job: &Job) -> bool {
        self.now - job.created >= self.visible_age
    }

    /// The job named by `JobId` for a call that only looks; `None`: there is none, or it is not shown yet.
    pub(super) fn shown_job(&self) -> Result<Option<&Job>, Refusal> {
        let Some(number) = self.store.job_number(self.parameters.required("JobId")?) else { return Ok(None) };
        if !self.shows(self.store.job(number)) {
            return Ok(None);
        }
        self.job_of_instance(number).map(Some)
    }

    /// The device of that name.
    pub(super) fn device_named(&self, product_key: &str, name: &str) -> Result<DeviceNumber, ServiceError> {
        let device = self.store.devices.named(product_key, name, millis(self.now));
        device.ok_or_else(|| {
            ServiceError::new("iot.device.NotExistedDevice", format!("The product {product_key} has no device {name}."))
        })
    }

    /// The device named by `IotId`, or by `ProductKey` and `DeviceName`; `none` is the code for neither.
    pub(super) fn device(&self, none: &'static str) -> Result<DeviceNumber, Refusal> {
        if let Some(id) = self.parameters.get("IotId") {
            let device = self.store.devices.with_id(id, millis(self.now));
            let message = || format!("There is no device {id}.");
            return device.ok_or_else(|| ServiceError::new("iot.device.NotExistedDevice", message()).into());
        }
        let Some(name) = self.parameters.get("DeviceName").filter(|_| self.parameters.get("ProductKey").is_some())
        else {
            return Err(ServiceError::new(none, "IotId, or ProductKey and DeviceName, have to be sent.").into());
        };
        Ok(self.device_named(self.product_key()?, name)?)
    }

    /// The number of that job.
    pub(super) fn job_number(&self) -> Result<JobNumber, Refusal> {
        let id = self.parameters.required("JobId")?;
        let number = self.store.job_number(id).ok_or_else(|| unknown_job(id))?;
        self.job_of_instance(number)?;
        Ok(number)
    }

    fn job_of_instance(&self, number: JobNumber) -> Result<&Job, Refusal> {
        let job = self.store.job(number);
        if job.instance_id.as_deref() == self.instance_id() { Ok(job) } else { Err(other_instance("job")) }
    }
}

/// There is no job of that id.
pub(super) fn unknown_job(id: &str) -> Refusal {
    ServiceError::new("iot.ota.taskNotExist", format!("The job {id} does not exist.")).into()
}

fn other_instance(thing: &str) -> Refusal {
    let message = format!("The {thing} belongs to another instance than IotInstanceId names.");
    ServiceError::new("iot.ota.InstanceIdMisMatch", message).into()
}
