namespace Grid.Abstractions.Serialization;

/// <summary>Carries a <see cref="DeviceKind"/> as its name.</summary>
[RegisterConverter, Alias("grid.DeviceKind")]
internal sealed class DeviceKindConverter : IConverter<DeviceKind, IdSurrogate>
{
    /// <inheritdoc/>
    public DeviceKind ConvertFromSurrogate(in IdSurrogate surrogate) => DeviceKinds.Parse(surrogate.Text);

    /// <inheritdoc/>
    public IdSurrogate ConvertToSurrogate(in DeviceKind value) => new(DeviceKinds.NameOf(value));
}
