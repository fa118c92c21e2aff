namespace Grid.Abstractions.Serialization;

/// <summary>Carries a <see cref="RankId"/> as its text.</summary>
[RegisterConverter, Alias("grid.RankId")]
internal sealed class RankIdConverter : IConverter<RankId, IdSurrogate>
{
    /// <inheritdoc/>
    public RankId ConvertFromSurrogate(in IdSurrogate surrogate) => RankId.Parse(surrogate.Text);

    /// <inheritdoc/>
    public IdSurrogate ConvertToSurrogate(in RankId value) => new(value.ToString());
}
