namespace Grid.Engine.Weights.Pickle;

/// <summary>What a pickle asks for that is refused, or what is broken in it; the catcher adds the file's name.</summary>
internal sealed class PickleException(string message) : Exception(message);
