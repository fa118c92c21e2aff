using Grid.Engine.Configuration;
using Grid.Engine.Requests;

namespace Grid.Engine.Serving;

/// <summary>Refuses what the engine could not finish.</summary>
internal sealed class RequestValidator(EngineInfo info)
{
    /// <exception cref="RequestValidationException">A rule is broken.</exception>
    public void Validate(EngineRequest request)
    {
        var prompt = request.PromptTokenIds.Length;
        if (prompt == 0) throw new RequestValidationException("prompt", "prompt must hold at least one token; got none.");
        if (prompt >= info.MaxModelLen)
            throw new RequestValidationException("prompt",
                $"This model's maximum context length is {info.MaxModelLen} tokens, of which the output needs at least one; the prompt "
                + $"has {prompt} tokens.",
                "context_length_exceeded");
        CheckIds("prompt", request.PromptTokenIds);
        CheckIds("replayed tokens", request.ReplayedTokenIds);
        if (request.Sampling.Seed is null)
            throw new RequestValidationException("seed",
                $"Request {request.Id} must have a seed; got none. It is drawn when a request is accepted.");
        if (request.Sampling.MaxTokens is not { } maxTokens)
            throw new RequestValidationException("max_tokens", "max_tokens must be set; got null.");
        if (maxTokens < 1) throw new RequestValidationException("max_tokens", $"max_tokens must be at least 1; got {maxTokens}.");
        CheckFits(prompt, maxTokens);
    }

    private void CheckIds(string parameter, int[] ids)
    {
        foreach (var id in ids)
            if ((uint)id >= (uint)info.VocabSize)
                throw new RequestValidationException(parameter,
                    $"Token ids of {parameter} must be from 0 to {info.VocabSize - 1}; got {id}.");
    }

    private void CheckFits(int prompt, int maxTokens)
    {
        // The last token is drawn, never computed.
        var tokens = Math.Min((long)prompt + maxTokens, info.MaxModelLen) - 1;
        if (tokens > info.KVCacheTokens)
            throw new RequestValidationException("max_tokens",
                $"The KV cache holds {info.KVCacheTokens} tokens; the prompt has {prompt} and max_tokens is {maxTokens}: the request "
                + "could never run to its end.");
    }
}
