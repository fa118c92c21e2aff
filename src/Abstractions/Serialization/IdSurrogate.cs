namespace Grid.Abstractions.Serialization;

/// <summary>How an id crosses the wire: as its text, which says the same to every version.</summary>
/// <param name="Text">The id's text form.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.Id"), Immutable]
internal readonly record struct IdSurrogate([property: Id(0)] string Text);
