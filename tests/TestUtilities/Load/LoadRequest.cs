namespace Grid.TestUtilities.Load;

/// <summary>One request of a load.</summary>
/// <param name="Path">Such as /v1/completions.</param>
/// <param name="Body">Its JSON; it asks for token ids, and a stream for its usage.</param>
/// <param name="IsStream">Whether it asks for a stream.</param>
/// <param name="Expected">What must come; null: anything whole, as when the expectation is recorded.</param>
public sealed record LoadRequest(string Path, string Body, bool IsStream, ExpectedAnswer? Expected);
