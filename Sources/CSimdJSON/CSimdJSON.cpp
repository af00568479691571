#include "CSimdJSON.h"
#include <simdjson.h>
extern "C" int lm_simdjson_placeholder(void) { return 0; }
