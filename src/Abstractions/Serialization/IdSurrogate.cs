namespace Grid.Abstractions.Serialization;

/// <summary>How an id, and an enum of the engine's options, crosses the wire: as its text, which says the same to every version.</summary>
/// <param name="Text">The id as text.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.Id"), Immutable]
internal readonly record struct IdSurrogate([property: Id(0)] string Text);
