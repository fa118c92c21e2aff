// The openai client for node against the server at BASE_URL, whose model MODEL answers greedily as in the whole answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI, { APIError, BadRequestError, NotFoundError } from 'openai';

const model = process.env.MODEL;
const client = new OpenAI({ baseURL: process.env.BASE_URL, apiKey: 'none', maxRetries: 0 });
const messages = [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }];
const greedy = { model, messages, temperature: 0, max_tokens: 12 };

test('models are listed and found', async () => {
  const ids = [];
  for await (const entry of client.models.list()) ids.push(entry.id);
  assert.ok(ids.includes(model));
  assert.equal((await client.models.retrieve(model)).id, model);
});

test('a chat answers as the assistant and counts its tokens', async () => {
  const answer = await client.chat.completions.create(greedy);
  assert.equal(answer.choices[0].message.role, 'assistant');
  assert.ok(answer.choices[0].message.content.length > 0);
  assert.equal(answer.choices[0].finish_reason, 'length');
  assert.equal(answer.usage.completion_tokens, 12);
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + 12);
});

test('a streamed chat is the same text, and usage comes last', async () => {
  const whole = await client.chat.completions.create(greedy);
  const stream = await client.chat.completions.create({ ...greedy, stream: true, stream_options: { include_usage: true } });
  let text = '', reason = null, usage = null;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    reason = chunk.choices[0]?.finish_reason ?? reason;
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(reason, 'length');
  assert.deepEqual(usage, whole.usage);
});

test('the stream helper gathers the final message', async () => {
  const whole = await client.chat.completions.create(greedy);
  const final = await client.chat.completions.stream(greedy).finalChatCompletion();
  assert.equal(final.choices[0].message.content, whole.choices[0].message.content);
});

test('n choices differ and repeat with their seed', async () => {
  const sampled = { ...greedy, temperature: 1, seed: 7, n: 3 };
  const [first, second] = [await client.chat.completions.create(sampled), await client.chat.completions.create(sampled)];
  const texts = first.choices.map(choice => choice.message.content);
  assert.deepEqual(first.choices.map(choice => choice.index), [0, 1, 2]);
  assert.equal(new Set(texts).size, 3);
  assert.deepEqual(second.choices.map(choice => choice.message.content), texts);
  assert.equal(first.usage.completion_tokens, 36);
});

test('n choices stream side by side', async () => {
  const texts = ['', ''];
  const stream = await client.chat.completions.create({ ...greedy, temperature: 1, seed: 7, n: 2, stream: true });
  for await (const chunk of stream) for (const choice of chunk.choices) texts[choice.index] += choice.delta.content ?? '';
  const whole = await client.chat.completions.create({ ...greedy, temperature: 1, seed: 7, n: 2 });
  assert.deepEqual(texts, whole.choices.map(choice => choice.message.content));
});

test('stop cuts before its text', async () => {
  const text = (await client.chat.completions.create(greedy)).choices[0].message.content;
  const stop = text.slice(text.length / 2 | 0, (text.length / 2 | 0) + 4);
  const answer = await client.chat.completions.create({ ...greedy, stop: ['never said', stop] });
  assert.equal(answer.choices[0].message.content, text.slice(0, text.indexOf(stop)));
  assert.equal(answer.choices[0].finish_reason, 'stop');
});

test('logprobs tell each token, and the top ones first', async () => {
  const answer = await client.chat.completions.create({ ...greedy, logprobs: true, top_logprobs: 2 });
  const content = answer.choices[0].logprobs.content;
  assert.equal(content.length, 12);
  assert.equal(content.map(entry => entry.token).join(''), answer.choices[0].message.content);
  for (const entry of content) {
    assert.ok(entry.logprob <= 0);
    assert.equal(entry.top_logprobs.length, 2);
    assert.equal(entry.top_logprobs[0].token, entry.token);
    assert.equal(Buffer.from(entry.bytes).toString(), entry.token);
  }
});

test('a completion answers, streams and tells its logprobs', async () => {
  const request = { model, prompt: 'Once upon a time', temperature: 0, max_tokens: 9 };
  const whole = await client.completions.create({ ...request, logprobs: 2 });
  let text = '';
  for await (const chunk of await client.completions.create({ ...request, stream: true })) text += chunk.choices[0]?.text ?? '';
  assert.equal(text, whole.choices[0].text);
  assert.equal(whole.choices[0].logprobs.tokens.join(''), text);
  assert.equal(whole.choices[0].logprobs.token_logprobs.length, 9);
});

test('prompts in a list are answered in their order', async () => {
  const request = { model, temperature: 0, max_tokens: 4 };
  const both = await client.completions.create({ ...request, prompt: ['one', 'two'] });
  const second = await client.completions.create({ ...request, prompt: 'two' });
  assert.deepEqual(both.choices.map(choice => choice.index), [0, 1]);
  assert.equal(both.choices[1].text, second.choices[0].text);
});

test('a stream that is left early is let go', async () => {
  const stream = await client.chat.completions.create({ ...greedy, max_tokens: 4000, stream: true });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
  assert.ok(stream.controller.signal.aborted);
});

test('errors carry status, type, code and the field', async () => {
  await assert.rejects(client.chat.completions.create({ ...greedy, temperature: -1 }), error => {
    assert.ok(error instanceof BadRequestError);
    assert.equal(error.status, 400);
    assert.equal(error.type, 'invalid_request_error');
    assert.equal(error.param, 'temperature');
    return true;
  });
  await assert.rejects(client.chat.completions.create({ ...greedy, model: 'nobody' }), error => {
    assert.ok(error instanceof NotFoundError);
    assert.equal(error.code, 'model_not_found');
    assert.equal(error.param, 'model');
    return true;
  });
  await assert.rejects(client.chat.completions.create({ ...greedy, messages: [] }), APIError);
});
