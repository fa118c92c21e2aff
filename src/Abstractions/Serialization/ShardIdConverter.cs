namespace Grid.Abstractions.Serialization;

/// <summary>Carries a <see cref="ShardId"/> as its text.</summary>
[RegisterConverter, Alias("grid.ShardId")]
internal sealed class ShardIdConverter : IConverter<ShardId, IdSurrogate>
{
    /// <inheritdoc/>
    public ShardId ConvertFromSurrogate(in IdSurrogate surrogate) => ShardId.Parse(surrogate.Text);

    /// <inheritdoc/>
    public IdSurrogate ConvertToSurrogate(in ShardId value) => new(value.ToString());
}
