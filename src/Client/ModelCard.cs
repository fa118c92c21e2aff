namespace Grid.Client;

/// <summary>An entry of <c>/v1/models</c>.</summary>
/// <param name="Id">The name that requests use.</param>
/// <param name="Root">The model's source; null if the server does not report it.</param>
/// <param name="MaxModelLen">The maximum number of tokens of prompt and output together; null if the server does not report it.</param>
public sealed record ModelCard(string Id, string? Root, int? MaxModelLen);

/// <summary>The answer of <c>/v1/models</c>.</summary>
internal sealed record ModelList(IReadOnlyList<ModelCard> Data);

/// <summary>The answer of <c>/tokenize</c>.</summary>
internal sealed record TokenizeAnswer(IReadOnlyList<int> Tokens);
