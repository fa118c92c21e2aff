using System.Text.Json;
using Grid.Engine.Inputs;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Primitives.Options;
using Grid.Silo.Access;
using Grid.Silo.OpenAI.Resuming;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Reads the bodies of <c>/v1/completions</c> and <c>/v1/chat/completions</c>.</summary>
internal sealed class GenerationReader(SiloState state, ILogger<GenerationReader> logger)
{
    private const int CompletionMaxTokens = 16;
    private const int MaxStops = 16;

    public GenerationRequest ReadCompletion(JsonElement body, ServedModel model, RequestOrigin origin)
    {
        var fields = Begin(body, chat: false);
        var echo = fields.Bool("echo") ?? false;
        var sampling = SamplingReader.Read(fields, model.GenerationConfig.ToSamplingParams()) with { Logprobs = fields.Int("logprobs") };
        var echoOnly = echo && sampling.MaxTokens == 0;
        if (echoOnly) sampling = sampling with { MaxTokens = 1 };
        if (echo) sampling = sampling with { PromptLogprobs = sampling.PromptLogprobs ?? sampling.Logprobs };
        var addSpecialTokens = fields.Bool("add_special_tokens") ?? true;
        var prompts = PromptReader.Read(fields).Select(prompt => prompt with { AddSpecialTokens = addSpecialTokens }).ToList();
        var options = ReadOptions(fields, model, origin) with { DefaultMaxTokens = CompletionMaxTokens };
        return Finish(fields, model, "cmpl-", origin, prompts, sampling, options) with { Echo = echo, EchoOnly = echoOnly };
    }

    public GenerationRequest ReadChat(JsonElement body, ServedModel model, RequestOrigin origin)
    {
        var fields = Begin(body, chat: true);
        var top = fields.Int("top_logprobs");
        var logprobs = fields.Bool("logprobs") ?? false;
        if (top is not (null or 0) && !logprobs)
            throw ApiException.BadField("top_logprobs", $"top_logprobs needs logprobs to be true; it is {top} and logprobs is false.");
        var sampling = SamplingReader.Read(fields, model.GenerationConfig.ToSamplingParams())
            with
        { Logprobs = logprobs ? top ?? 0 : null };
        var options = ReadOptions(fields, model, origin)
            with
        { DefaultMaxTokens = model.GenerationConfig.MaxNewTokens, LogprobsField = "top_logprobs" };
        return Finish(fields, model, "chatcmpl-", origin, [ChatReader.ReadPrompt(fields, model)], sampling, options);
    }

    private static RequestOptions ReadOptions(JsonFields fields, ServedModel model, RequestOrigin origin)
    {
        var priority = fields.Int("priority") ?? 0;
        if (priority != 0 && model.Options.SchedulingPolicy != SchedulingPolicy.Priority)
            throw ApiException.BadField("priority",
                $"priority needs the server's --scheduling-policy priority, which is "
                + $"{EngineChoices.SchedulingPolicies.NameOf(model.Options.SchedulingPolicy)}; got {priority}.");
        var salt = fields.String("cache_salt");
        if (salt is "") throw ApiException.BadField("cache_salt", "cache_salt must not be empty.");
        return new RequestOptions { Priority = priority, CacheSalt = SaltOf(origin.CacheSalt, salt), MaxStops = MaxStops };
    }

    // With both, neither a client that knows another one's salt nor one of the same key without it shares.
    private static string? SaltOf(string? client, string? own) => client is null ? own : $"{client}/{own}";

    private JsonFields Begin(JsonElement body, bool chat)
    {
        KnownFields.Check(body, chat, logger);
        return new JsonFields(body);
    }

    private GenerationRequest Finish(
        JsonFields fields, ServedModel model, string idPrefix, RequestOrigin origin, IReadOnlyList<PromptInput> prompts,
        SamplingParams sampling, RequestOptions options)
    {
        var stream = fields.Bool("stream") ?? false;
        var streamOptions = fields.Object("stream_options");
        if (streamOptions is not null && !stream) throw ApiException.BadField("stream_options", "stream_options needs stream to be true.");
        var returnPromptLogprobs = fields.TryGet("prompt_logprobs", out _);
        if (returnPromptLogprobs && stream)
            throw ApiException.BadField("prompt_logprobs", "prompt_logprobs cannot be combined with stream=true.");

        CheckNumChoices(model, prompts.Count, sampling.N);
        if (origin.Choices is { } choices && choices.Count != prompts.Count * sampling.N)
            throw ApiException.BadField("choices",
                $"choices must hold one for each of the {prompts.Count * sampling.N} choices of the request; got {choices.Count}.");
        // One seed for all prompts, so that they can be continued elsewhere from one number.
        if (sampling.Seed is null or -1) sampling = sampling with { Seed = origin.Seed ?? model.Inputs.DrawSeed() };
        // The engine's ids are our own: two requests may carry the same id of their clients.
        var engineId = Guid.NewGuid().ToString("N");
        return new GenerationRequest
        {
            Model = fields.RequiredString("model"),
            Id = idPrefix + origin.RequestId,
            Created = origin.Created ?? state.TimeProvider.GetUtcNow().ToUnixTimeSeconds(),
            Prompts = [
                .. prompts.Select(
                (prompt, index) =>
                    model.Inputs.Process($"{engineId}-{index}", prompt, sampling,
                    options with { ReplayedTokenIds = Replayed(origin, index, sampling.N) }))],
            Stream = stream,
            IncludeUsage = streamOptions?.Bool("include_usage") ?? false,
            ContinuousUsage = streamOptions?.Bool("continuous_usage_stats") ?? false,
            ReturnTokenIds = fields.Bool("return_token_ids") ?? false,
            ReturnPromptLogprobs = returnPromptLogprobs,
            Attempt = origin.Attempt,
            Resumed = origin.Choices,
        };
    }

    private static int[][]? Replayed(RequestOrigin origin, int prompt, int n) =>
        origin.Choices is null ? null : [.. origin.Choices.Skip(prompt * n).Take(n).Select(choice => choice.Tokens)];

    private static void CheckNumChoices(ServedModel model, int prompts, int n)
    {
        var limit = Math.Max(model.Options.MaxNumQueuedReqs, InputLimits.MaxN);
        if ((long)prompts * n > limit && n <= InputLimits.MaxN)
            throw ApiException.BadField("prompt", $"A request may ask for at most {limit} choices (prompts x n); got {prompts} x {n}.");
    }
}
