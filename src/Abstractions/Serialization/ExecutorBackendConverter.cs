using Grid.Primitives.Options;

namespace Grid.Abstractions.Serialization;

/// <summary>Carries an <see cref="ExecutorBackend"/> as its name.</summary>
[RegisterConverter, Alias("grid.ExecutorBackend")]
internal sealed class ExecutorBackendConverter : IConverter<ExecutorBackend, IdSurrogate>
{
    /// <inheritdoc/>
    public ExecutorBackend ConvertFromSurrogate(in IdSurrogate surrogate) => EngineChoices.Backends.Parse(surrogate.Text);

    /// <inheritdoc/>
    public IdSurrogate ConvertToSurrogate(in ExecutorBackend value) => new(EngineChoices.Backends.NameOf(value));
}
