using EventFly.BuildingBlocks.Decisions;

namespace EventFly.BuildingBlocks.Documents;

/// <summary>What a decision on a document came to.</summary>
/// <typeparam name="T">The document's body.</typeparam>
public sealed record Change<T>
    where T : class
{
    internal Change(T? body, bool delete, Refusal? refusal, IReadOnlyList<object> messages) =>
        (Body, Delete, Refusal, Messages) = (body, delete, refusal, messages);

    /// <summary>What the document becomes; null for a deletion, a refusal and for nothing.</summary>
    public T? Body { get; }

    /// <summary>Whether the document goes.</summary>
    public bool Delete { get; }

    /// <summary>The refusal, or null.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The contract records that are announced in the same commit.</summary>
    public IReadOnlyList<object> Messages { get; }

    /// <summary>It is refused.</summary>
    public static implicit operator Change<T>(Refusal refusal) => new(null, false, refusal, []);

    /// <summary>Nothing is written.</summary>
    public static implicit operator Change<T>(NothingHappens _) => new(null, false, null, []);

    /// <summary>The new body, announced to nobody.</summary>
    public static implicit operator Change<T>(T body) => new(body, false, null, []);
}

/// <summary>Words for changes.</summary>
public static class Change
{
    /// <summary>The document becomes this, and these contract records are announced in the same commit.</summary>
    public static Change<T> To<T>(T body, params IReadOnlyList<object> messages)
        where T : class => new(body, false, null, messages);

    /// <summary>The document goes, and these contract records are announced in the same commit.</summary>
    public static Change<T> Delete<T>(params IReadOnlyList<object> messages)
        where T : class => new(null, true, null, messages);
}

/// <summary>A document.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">From 1; grows by one with each write. Its ETag.</param>
/// <param name="Body">What it holds.</param>
public sealed record Document<T>(string Id, long Version, T Body)
    where T : class;

/// <summary>What became of a change.</summary>
/// <param name="Document">The document now; null when there is none.</param>
/// <param name="Refusal">Why not, or null.</param>
public sealed record Changed<T>(Document<T>? Document, Refusal? Refusal)
    where T : class;
