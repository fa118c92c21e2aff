namespace Grid.Abstractions.Serialization;

/// <summary>Carries a <see cref="ReplicaShardId"/> as its text.</summary>
[RegisterConverter, Alias("grid.ReplicaShardId")]
internal sealed class ReplicaShardIdConverter : IConverter<ReplicaShardId, IdSurrogate>
{
    /// <inheritdoc/>
    public ReplicaShardId ConvertFromSurrogate(in IdSurrogate surrogate) => ReplicaShardId.Parse(surrogate.Text);

    /// <inheritdoc/>
    public IdSurrogate ConvertToSurrogate(in ReplicaShardId value) => new(value.ToString());
}
