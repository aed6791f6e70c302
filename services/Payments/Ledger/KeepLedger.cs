using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Payments.Payments;
using Told = EventFly.Contracts.Payments;

namespace EventFly.Payments.Ledger;

/// <summary>
/// Writes down what moved. Driven by our own announcements and by the processor's events, both of which come again until it is written; it looks at
/// the whole payment each time, so that one missed before is made up for.
/// </summary>
internal sealed class KeepLedger(PaymentDecisions payments, Documents<Movement> movements, TimeProvider clock)
    : IHandle<Told.PaymentSucceeded>, IHandle<Told.RefundSucceeded>, IHandle<Told.RefundFailed>
{
    public Task Handle(Told.PaymentSucceeded message, MessageContext context, CancellationToken cancellationToken) => Write(message.PaymentId, cancellationToken);

    public Task Handle(Told.RefundSucceeded message, MessageContext context, CancellationToken cancellationToken) => Write(message.PaymentId, cancellationToken);

    public Task Handle(Told.RefundFailed message, MessageContext context, CancellationToken cancellationToken) => Write(message.PaymentId, cancellationToken);

    public async Task Write(Guid paymentId, CancellationToken cancellationToken)
    {
        foreach (var movement in Movement.Of(await payments.Read(paymentId, cancellationToken), clock.GetUtcNow()))
        {
            var (_, refusal) = await movements.Change(movement.MovementId, known => known is null ? movement : Decision.Nothing, cancellationToken);
            if (refusal is not null) throw new InvalidOperationException($"The movement {movement.MovementId} was not stored: {refusal.Code}");
        }
    }
}
