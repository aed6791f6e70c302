using System.Collections.Concurrent;

namespace EventFly.StripeSimulator.Wire;

internal enum KeyUse { First, Replay, InUse, OtherParameters }

/// <summary>Answers by idempotency key. A key is free again when its request never got past the checks.</summary>
internal sealed class IdempotencyKeys(int limit)
{
    private readonly ConcurrentDictionary<string, Use> uses = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Use> order = new();

    public KeyUse Begin(string key, string fingerprint, string requestId, out Use use)
    {
        var mine = new Use(key, fingerprint, requestId);
        use = uses.GetOrAdd(key, mine);
        if (ReferenceEquals(use, mine)) return KeyUse.First;
        if (use.Fingerprint != fingerprint) return KeyUse.OtherParameters;
        return use.Answer is null ? KeyUse.InUse : KeyUse.Replay;
    }

    public void End(Use use, Answer? answer)
    {
        if (answer is not { IsKept: true })
        {
            uses.TryRemove(KeyValuePair.Create(use.Key, use));
            return;
        }

        use.Answer = answer;
        order.Enqueue(use);
        while (order.Count > limit && order.TryDequeue(out var oldest)) uses.TryRemove(KeyValuePair.Create(oldest.Key, oldest));
    }

    internal sealed class Use(string key, string fingerprint, string requestId)
    {
        private volatile Answer? answer;

        public string Key => key;

        public string Fingerprint => fingerprint;

        public string RequestId => requestId;

        public Answer? Answer
        {
            get => answer;
            set => answer = value;
        }
    }
}
