namespace Grid.Abstractions.Serialization;

/// <summary>Carries a <see cref="DeviceId"/> as its text.</summary>
[RegisterConverter, Alias("grid.DeviceId")]
internal sealed class DeviceIdConverter : IConverter<DeviceId, IdSurrogate>
{
    /// <inheritdoc/>
    public DeviceId ConvertFromSurrogate(in IdSurrogate surrogate) => DeviceId.Parse(surrogate.Text);

    /// <inheritdoc/>
    public IdSurrogate ConvertToSurrogate(in DeviceId value) => new(value.ToString());
}
