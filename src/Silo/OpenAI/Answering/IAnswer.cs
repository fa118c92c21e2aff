namespace Grid.Silo.OpenAI.Answering;

/// <summary>One way to answer a generation that runs.</summary>
internal interface IAnswer
{
    /// <summary>Writes gains as they come, to the end or until the request is cut.</summary>
    Task WriteAsync(HttpContext context, TrackedRequest running);
}
