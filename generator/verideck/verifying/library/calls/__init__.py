"""What library functions do: converted arguments to the reference's computations, and the steps shown."""
