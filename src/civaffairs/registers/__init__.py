"""What a bureau keeps (登记簿): registers as dated histories, validated as a whole and read as of a day."""
