namespace Grid.Client;

/// <summary>An entry of <c>/v1/models</c>.</summary>
/// <param name="Id">The name that requests use.</param>
/// <param name="Root">The model's source, where the server tells.</param>
/// <param name="MaxModelLen">Longest prompt and output together, where the server tells.</param>
public sealed record ModelCard(string Id, string? Root, int? MaxModelLen);

/// <summary>The answer of <c>/v1/models</c>.</summary>
internal sealed record ModelList(IReadOnlyList<ModelCard> Data);

/// <summary>The answer of <c>/tokenize</c>.</summary>
internal sealed record TokenizeAnswer(IReadOnlyList<int> Tokens);
