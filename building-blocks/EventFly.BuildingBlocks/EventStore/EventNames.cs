using System.Collections.Frozen;
using System.Text.Json;

namespace EventFly.BuildingBlocks.EventStore;

/// <summary>Stored name ↔ type, so that renaming a class never changes stored data.</summary>
/// <typeparam name="TEvent">The abstract record of the aggregate's events.</typeparam>
public sealed class EventNames<TEvent>
    where TEvent : class
{
    private readonly Dictionary<string, Type> types = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, string> names = [];
    private FrozenDictionary<string, Type>? frozenTypes;
    private FrozenDictionary<Type, string>? frozenNames;

    /// <summary>Gives an event its stored name, kebab-case.</summary>
    /// <exception cref="ArgumentException">The name or the type is taken.</exception>
    public EventNames<TEvent> Add<T>(string name)
        where T : TEvent
    {
        types.Add(name, typeof(T));
        names.Add(typeof(T), name);
        (frozenTypes, frozenNames) = (null, null);
        return this;
    }

    /// <summary>The event as it is stored.</summary>
    /// <exception cref="InvalidOperationException">The event's type has no name.</exception>
    public NewEvent Write(TEvent happened)
    {
        var type = happened.GetType();
        if (!(frozenNames ??= names.ToFrozenDictionary()).TryGetValue(type, out var name))
        {
            throw new InvalidOperationException($"{type.Name} has no stored name. Add it to the stream's event names.");
        }

        return new NewEvent(name, JsonSerializer.SerializeToUtf8Bytes(happened, type, EventFlyJson.Options));
    }

    /// <summary>The event as it was decided.</summary>
    /// <exception cref="InvalidOperationException">No type has this name, or the JSON does not fit the type.</exception>
    public TEvent Read(StoredEvent stored)
    {
        if (!(frozenTypes ??= types.ToFrozenDictionary(StringComparer.Ordinal)).TryGetValue(stored.Name, out var type))
        {
            throw new InvalidOperationException($"No event is stored under the name {stored.Name}. Was it written by a newer version?");
        }

        return (TEvent)(JsonSerializer.Deserialize(stored.Data.Span, type, EventFlyJson.Options)
            ?? throw new InvalidOperationException($"The stored event {stored.Name} is null."));
    }
}
