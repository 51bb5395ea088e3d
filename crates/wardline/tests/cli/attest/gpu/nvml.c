/*
 * A stand-in for libnvidia-ml.so.1: the few calls that collecting evidence makes. It has no GPU behind it.
 *
 * Names, codes, structures and their sizes are those of nvml.h (NVIDIA/go-nvml, gen/nvml/nvml.h, 2f9e261). The test writes scene.h:
 * ASKED, the nonce that must arrive; GPUS, what each GPU hands out. Macros say what is wrong with the machine.
 */
#include "scene.h"

#include <stdint.h>
#include <string.h>

/* What nvmlInit_v2 returns. */
#ifndef INIT
#define INIT 0
#endif
/* How many GPUs there are. */
#ifndef COUNT
#define COUNT (sizeof GPUS / sizeof GPUS[0])
#endif
/* What asking for a GPU by its number returns. */
#ifndef HANDLE
#define HANDLE 0
#endif
/* What asking for certificates returns. */
#ifndef CERTIFICATE
#define CERTIFICATE 0
#endif
/* What asking for a report returns. */
#ifndef REPORT
#define REPORT 0
#endif
/* With OLD the library does not know confidential computing. */
/* What asking for the modes returns, and the modes. */
#ifndef SETTINGS
#define SETTINGS 0
#endif
#ifndef CC_FEATURE
#define CC_FEATURE 1
#endif
#ifndef MULTI_GPU_MODE
#define MULTI_GPU_MODE 0
#endif

typedef struct {
    unsigned int certChainSize;
    unsigned int attestationCertChainSize;
    unsigned char certChain[0x1000];
    unsigned char attestationCertChain[0x1400];
} certificate_t;

typedef struct {
    unsigned int isCecAttestationReportPresent;
    unsigned int attestationReportSize;
    unsigned int cecAttestationReportSize;
    unsigned char nonce[0x20];
    unsigned char attestationReport[0x2000];
    unsigned char cecAttestationReport[0x1000];
} report_t;

typedef struct {
    unsigned int version;
    unsigned int environment;
    unsigned int ccFeature;
    unsigned int devToolsMode;
    unsigned int multiGpuMode;
} settings_t;

_Static_assert(sizeof(certificate_t) == 9224, "nvmlConfComputeGpuCertificate_t");
_Static_assert(sizeof(report_t) == 12332, "nvmlConfComputeGpuAttestationReport_t");
_Static_assert(sizeof(settings_t) == 20, "nvmlSystemConfComputeSettings_v1_t");

int nvmlInit_v2(void) { return INIT; }

int nvmlShutdown(void) { return 0; }

int nvmlSystemGetDriverVersion(char *version, unsigned int length) {
    strncpy(version, "550.90.07", length);
    return 0;
}

int nvmlDeviceGetCount_v2(unsigned int *count) {
    *count = COUNT;
    return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
    *device = (void *)(uintptr_t)(index + 1);
    return HANDLE;
}

int nvmlDeviceGetName(void *device, char *name, unsigned int length) {
    (void)device;
    strncpy(name, "NVIDIA H100 80GB HBM3", length);
    return 0;
}

int nvmlDeviceGetUUID(void *device, char *uuid, unsigned int length) {
    strncpy(uuid, "GPU-00000000-0000-0000-0000-000000000000", length);
    uuid[39] = (char)('0' + (uintptr_t)device);
    return 0;
}

int nvmlSystemGetConfComputeSettings(settings_t *settings) {
    if (settings->version != (sizeof *settings | 1u << 24))
        return 25;
    settings->ccFeature = CC_FEATURE;
    settings->multiGpuMode = MULTI_GPU_MODE;
    return SETTINGS;
}

#ifndef OLD
static const gpu_t *gpu_of(const void *device) { return &GPUS[(uintptr_t)device - 1]; }

int nvmlDeviceGetConfComputeGpuCertificate(void *device, certificate_t *certificate) {
    const gpu_t *gpu = gpu_of(device);
    memset(certificate->attestationCertChain, 0xaa, sizeof certificate->attestationCertChain);
    memcpy(certificate->attestationCertChain, gpu->chain, gpu->chain_size);
    certificate->attestationCertChainSize = gpu->chain_size;
    return CERTIFICATE;
}

int nvmlDeviceGetConfComputeGpuAttestationReport(void *device, report_t *report) {
    const gpu_t *gpu = gpu_of(device);
    if (memcmp(report->nonce, ASKED, sizeof report->nonce) != 0)
        return 2;
    memset(report->attestationReport, 0xaa, sizeof report->attestationReport);
    memcpy(report->attestationReport, gpu->report, gpu->report_size);
    report->attestationReportSize = gpu->report_size;
    return REPORT;
}
#endif
