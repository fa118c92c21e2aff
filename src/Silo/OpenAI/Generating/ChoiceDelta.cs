using Grid.Engine.Outputs;
using Grid.Engine.Requests;
using Grid.Silo.OpenAI.Requests;

namespace Grid.Silo.OpenAI.Generating;

/// <summary>What one choice of a request has gained.</summary>
/// <param name="Index">The index of the choice in the request: prompt x n + its number.</param>
/// <param name="Delta">The text and tokens that were added.</param>
internal readonly record struct ChoiceDelta(int Index, OutputDelta Delta)
{
    /// <summary>The part of it that the client of a request sees.</summary>
    /// <exception cref="ApiException">The generation failed.</exception>
    public ChoiceDelta ShownBy(GenerationRequest request)
    {
        if (Delta.FinishReason == FinishReason.Error)
            throw new ApiException(StatusCodes.Status500InternalServerError, $"The generation failed: {Delta.Error}", code: "engine_error");
        if (!request.EchoOnly) return this;
        return this
            with
        { Delta = Delta with { Text = "", TokenIds = [], Logprobs = [], FinishReason = FinishReason.Length, StopReason = null } };
    }
}
