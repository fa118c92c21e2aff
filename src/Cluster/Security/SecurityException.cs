namespace Grid.Cluster.Security;

/// <summary>A data folder's keys or certificates cannot be used.</summary>
/// <param name="message">The file, what is wrong with it, and the remedy.</param>
public sealed class SecurityException(string message, Exception? inner = null) : Exception(message, inner);
