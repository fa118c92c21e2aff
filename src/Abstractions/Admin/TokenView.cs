namespace Grid.Abstractions.Admin;

/// <summary>A join token.</summary>
/// <param name="Token">As it is given to grid up --join.</param>
public sealed record TokenView(string Token);
