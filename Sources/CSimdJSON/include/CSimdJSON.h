#ifdef __cplusplus
extern "C" {
#endif
int lm_simdjson_placeholder(void);
#ifdef __cplusplus
}
#endif
