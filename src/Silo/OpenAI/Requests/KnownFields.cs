using System.Collections.Frozen;
using System.Text.Json;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Fields that are not read: labels, fields of OpenAI or vLLM that are not supported yet, and unknown fields.</summary>
internal static class KnownFields
{
    private static readonly FrozenSet<string> Labels = FrozenSet.Create(
        "user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
        "parallel_tool_calls", "request_id", "stream_interval");

    private static readonly FrozenSet<string> Unsupported = FrozenSet.Create(
        "tools", "tool_choice", "functions", "function_call", "response_format", "structured_outputs", "guided_json", "guided_regex",
        "guided_choice", "guided_grammar", "guided_decoding_backend", "guided_whitespace_pattern", "structural_tag", "audio", "modalities",
            "prediction",
        "reasoning_effort", "reasoning", "thinking_token_budget", "include_reasoning", "verbosity", "web_search_options", "suffix",
            "best_of", "use_beam_search",
        "length_penalty", "early_stopping", "logits_processors", "truncate_prompt_tokens", "documents", "chat_template",
            "continue_final_message",
        "kv_transfer_params", "vllm_xargs", "mm_processor_kwargs", "prompt_embeds", "repetition_detection", "logprob_token_ids",
            "return_tokens_as_token_ids",
        "allowed_tools", "moderation", "echo");

    private static readonly FrozenSet<string> Sampling = FrozenSet.Create(
        "n", "temperature", "top_p", "top_k", "min_p", "presence_penalty", "frequency_penalty", "repetition_penalty", "logit_bias",
        "allowed_token_ids",
        "bad_words", "seed", "stop", "stop_token_ids", "include_stop_str_in_output", "ignore_eos", "min_tokens", "max_tokens",
            "max_completion_tokens",
        "logprobs", "prompt_logprobs", "skip_special_tokens", "spaces_between_special_tokens", "detokenize", "model", "stream",
            "stream_options",
        "priority", "cache_salt", "return_token_ids", "add_special_tokens");

    private static readonly FrozenSet<string> Completions = FrozenSet.Create("prompt", "echo");

    private static readonly FrozenSet<string> Chat =
        FrozenSet.Create("messages", "top_logprobs", "add_generation_prompt", "chat_template_kwargs");

    /// <summary>Refuses what is known and not supported, and warns of what is not known at all.</summary>
    public static void Check(JsonElement body, bool chat, ILogger logger)
    {
        List<string>? unknown = null;
        foreach (var field in body.EnumerateObject())
        {
            var name = field.Name;
            if (Sampling.Contains(name) || Labels.Contains(name) || (chat ? Chat : Completions).Contains(name)) continue;
            if (!Unsupported.Contains(name)) (unknown ??= []).Add(name);
            else if (!AsksForNothing(name, field.Value))
                throw ApiException.BadField(name, $"{name} is not supported yet; got {JsonFields.Describe(field.Value)}.");
        }

        if (unknown is not null) logger.IgnoredUnknownFields(string.Join(", ", unknown.Take(8).Select(Shorten)));
    }

    private static string Shorten(string name) => name.Length <= 64 ? name : name[..64] + "...";

    private static bool AsksForNothing(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.ValueEquals("") || value.ValueEquals("none"),
        JsonValueKind.Array =>
            value.GetArrayLength() == 0
            || (name == "modalities" && value.GetArrayLength() == 1 && value[0].ValueKind == JsonValueKind.String
            && value[0].ValueEquals("text")),
        JsonValueKind.Object => !value.EnumerateObject().Any() || IsTextFormat(value),
        JsonValueKind.Number => name == "best_of" && value.TryGetInt32(out var number) && number == 1,
        _ => name == "include_reasoning",
    };

    private static bool IsTextFormat(JsonElement value) =>
        value.EnumerateObject().Count() == 1 && value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
        && type.ValueEquals("text");
}
