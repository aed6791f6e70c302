namespace EventFly.BuildingBlocks.Messaging;

/// <summary>A reaction to somebody's news. It may see every message twice, late and out of order.</summary>
/// <typeparam name="TMessage">A record of EventFly.Contracts.</typeparam>
public interface IHandle<in TMessage>
    where TMessage : class
{
    /// <summary>Returns once the effect is stored. Throwing means: try again later.</summary>
    Task Handle(TMessage message, MessageContext context, CancellationToken cancellationToken);
}

/// <summary>What is known about a message beside its content.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="AggregateId">What it is about.</param>
/// <param name="Sequence">Version of the aggregate after it.</param>
/// <param name="At">When it was decided, UTC.</param>
/// <param name="Attempt">1 for the first delivery.</param>
public sealed record MessageContext(Guid Id, string AggregateId, long Sequence, DateTimeOffset At, int Attempt);
