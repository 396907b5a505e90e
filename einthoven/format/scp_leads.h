// Lead codes of SCP-ECG (EN 1064 table 5), which ISO/IEEE 11073-10102 and DICOM use too.
#pragma once

#include <string>

namespace einthoven::format {

/// The name of a standard lead (1 I, 2 II, 3 to 8 V1 to V6, 61 III, 62 aVR, 63 aVL, 64 aVF); empty
/// for other codes.
std::string scp_lead_name(int code);
/// The code of a standard lead; 0 (unspecified) for other names.
int scp_lead_code(const std::string& name);

}  // namespace einthoven::format
