namespace Grid.Abstractions.Serialization;

/// <summary>Carries a <see cref="ReplicaId"/> as its text.</summary>
[RegisterConverter, Alias("grid.ReplicaId")]
internal sealed class ReplicaIdConverter : IConverter<ReplicaId, IdSurrogate>
{
    /// <inheritdoc/>
    public ReplicaId ConvertFromSurrogate(in IdSurrogate surrogate) => ReplicaId.Parse(surrogate.Text);

    /// <inheritdoc/>
    public IdSurrogate ConvertToSurrogate(in ReplicaId value) => new(value.ToString());
}
