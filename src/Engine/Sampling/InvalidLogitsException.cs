namespace Grid.Engine.Sampling;

/// <summary>No token can be drawn for one request: its logits are not numbers, or every id is banned.</summary>
/// <param name="message">What is wrong, with the id or the parameters by name.</param>
internal sealed class InvalidLogitsException(string message) : Exception(message);
