namespace Grid.TestUtilities.Load;

/// <summary>How a request ended.</summary>
/// <param name="Number">Of the request.</param>
/// <param name="Fault">What was wrong; null: it is as the unbroken run.</param>
/// <param name="Tries">How often the client sent it: 1 where it had no cause to try again.</param>
/// <param name="FirstEvent">From the request to its first event.</param>
/// <param name="LongestGap">Between two events of a stream; zero for an answer that does not stream.</param>
/// <param name="IsStream">Whether it was a stream.</param>
/// <param name="Answer">What came.</param>
public sealed record LoadOutcome(int Number, string? Fault, int Tries, TimeSpan FirstEvent, TimeSpan LongestGap, bool IsStream,
    ExpectedAnswer? Answer);
