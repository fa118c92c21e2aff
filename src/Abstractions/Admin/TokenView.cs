namespace Grid.Abstractions.Admin;

/// <summary>A join token.</summary>
/// <param name="Token">The token, as grid up --join takes it.</param>
public sealed record TokenView(string Token);
