namespace Grid.Engine.Configuration;

/// <summary>The waiting queue is full (<c>--max-num-queued-reqs</c>).</summary>
public sealed class QueueFullException(int limit, int waiting)
    : Exception($"The queue holds at most {limit} requests (--max-num-queued-reqs) and {waiting} are waiting. Try again later.");

/// <summary>The engine's thread has ended; every request of it ends with this.</summary>
/// <param name="reason">The reason as one word for programs.</param>
public sealed class EngineDeadException(string reason, Exception? inner = null)
    : Exception($"The engine has stopped: {reason}", inner)
{
    /// <summary>Why.</summary>
    public string Reason { get; } = reason;
}

/// <summary>The engine is draining and accepts no new work.</summary>
public sealed class EngineDrainingException() : Exception("The engine is draining and accepts no new requests.");

/// <summary>A request breaks a rule. The message states the rule, the limit and the value given.</summary>
/// <param name="parameter">The field at fault, as the API writes it (<c>max_tokens</c>).</param>
/// <param name="message">Rule, limit and value.</param>
/// <param name="code">OpenAI's error code (<c>context_length_exceeded</c>), or null.</param>
public sealed class RequestValidationException(string? parameter, string message, string? code = null) : Exception(message)
{
    /// <summary>The field at fault.</summary>
    public string? Parameter { get; } = parameter;

    /// <summary>OpenAI's error code, or null.</summary>
    public string? Code { get; } = code;
}

/// <summary>A model's files, layout or memory are at fault; the text is for people.</summary>
/// <param name="message">What is wrong, with file, tensor or flag by name.</param>
/// <param name="kind">Which exit code it asks for.</param>
public sealed class ModelLoadException(string message, ModelLoadFault kind = ModelLoadFault.Broken, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Which exit code it asks for.</summary>
    public ModelLoadFault Kind { get; } = kind;
}

/// <summary>Kinds of <see cref="ModelLoadException"/>.</summary>
public enum ModelLoadFault
{
    /// <summary>A file is broken or of an unknown kind (exit 1).</summary>
    Broken,

    /// <summary>Flags or layout do not suit the model (exit 2).</summary>
    Layout,

    /// <summary>No such model (exit 5).</summary>
    NotFound,

    /// <summary>It does not fit (exit 6).</summary>
    DoesNotFit,
}
