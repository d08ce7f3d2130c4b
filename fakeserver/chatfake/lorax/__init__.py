"""LoRAX (predibase/lorax, its router at commit a7394ba): what its routes take, say and refuse, without a model."""
