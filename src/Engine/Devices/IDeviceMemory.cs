namespace Grid.Engine.Devices;

/// <summary>How much memory a device has.</summary>
internal interface IDeviceMemory
{
    /// <summary>Free bytes, and bytes in all.</summary>
    (long Free, long Total) Read();
}
