namespace Grid.Abstractions.Serialization;

/// <summary>Carries a <see cref="ExpertShardId"/> as its text.</summary>
[RegisterConverter, Alias("grid.ExpertShardId")]
internal sealed class ExpertShardIdConverter : IConverter<ExpertShardId, IdSurrogate>
{
    /// <inheritdoc/>
    public ExpertShardId ConvertFromSurrogate(in IdSurrogate surrogate) => ExpertShardId.Parse(surrogate.Text);

    /// <inheritdoc/>
    public IdSurrogate ConvertToSurrogate(in ExpertShardId value) => new(value.ToString());
}
