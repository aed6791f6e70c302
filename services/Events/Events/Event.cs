using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Events;

namespace EventFly.Events.Events;

/// <summary>How far an event has come.</summary>
public enum EventStatus
{
    /// <summary>Seen by its organisation only.</summary>
    Draft,

    /// <summary>Everybody may see it, and its tickets are for sale.</summary>
    Published,

    /// <summary>It will not take place. For good.</summary>
    Cancelled,
}

/// <summary>An event and its kinds of tickets: one document, so that what is published together is true together.</summary>
public sealed partial record Event(
    Guid EventId,
    Guid OrganizationId,
    EventStatus Status,
    EventDetails Details,
    IReadOnlyList<TicketType> TicketTypes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? PublishedAt = null,
    DateTimeOffset? CancelledAt = null,
    string? CancellationReason = null)
{
    public const int MaxTicketTypes = 50;

    public const int MaxQuestions = 50;

    /// <summary>In the order in which they are asked; those that are not asked any more come last.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    public AfterSaleTerms AfterSale { get; init; } = new();

    public const int MaxQuotas = 20;

    public IReadOnlyList<Quota> Quotas { get; init; } = [];

    public static Refusal None { get; } = Refusal.NotFound("event-not-found", "There is no such event.");

    private static readonly Refusal IsCancelled = Refusal.Conflict("event-cancelled", "The event is cancelled: nothing about it changes any more.");

    public static Change<Event> Draft(Guid eventId, Guid organizationId, EventDetails details, DateTimeOffset now) =>
        new Event(eventId, organizationId, EventStatus.Draft, details, [], now);

    public Change<Event> Edit(EventDetails details, DateTimeOffset now) => Status switch
    {
        EventStatus.Cancelled => IsCancelled,
        EventStatus.Published when details.StartsAt != Details.StartsAt && details.StartsAt <= now =>
            Refusal.Unprocessable("start-in-past", "A published event can only be moved to a time in the future.", "startsAt"),
        _ => (this with { Details = details }).Announced(),
    };

    public Change<Event> Publish(DateTimeOffset now) => Status switch
    {
        EventStatus.Published => Decision.Nothing,
        EventStatus.Cancelled => IsCancelled,
        _ when TicketTypes.Count == 0 => Refusal.Conflict("no-ticket-types", "Add a ticket type before you publish the event."),
        _ when Details.StartsAt <= now => Refusal.Conflict("start-in-past", "The event has begun already: give it a start in the future."),
        _ => (this with { Status = EventStatus.Published, PublishedAt = now }).Announced(isNew: true),
    };

    public Change<Event> Cancel(string reason, DateTimeOffset now) => Status switch
    {
        EventStatus.Cancelled => Decision.Nothing,
        EventStatus.Draft => Refusal.Conflict("event-not-published", "Nobody knows of this event yet: delete the draft instead."),
        _ => (this with { Status = EventStatus.Cancelled, CancelledAt = now, CancellationReason = reason }).Announced(),
    };

    public Change<Event> Delete() => Status is EventStatus.Draft
        ? Change.Delete<Event>()
        : Refusal.Conflict("event-published", "An event that was published stays: cancel it instead.");

    /// <summary>Adds a kind of ticket or changes its terms; a price that moves goes on moving.</summary>
    public Change<Event> SetTicketType(TicketType wanted)
    {
        var others = TicketTypes.Where(type => type.TicketTypeId != wanted.TicketTypeId).ToArray();
        var isNew = others.Length == TicketTypes.Count;
        wanted = wanted with { PriceRule = Find(wanted.TicketTypeId)?.PriceRule };
        return Status switch
        {
            _ when Find(wanted.TicketTypeId)?.SaysTheSameAs(wanted) is true => Decision.Nothing,
            EventStatus.Cancelled => IsCancelled,
            _ when isNew && TicketTypes.Count >= MaxTicketTypes =>
                Refusal.Conflict("too-many-ticket-types", $"An event has at most {MaxTicketTypes} ticket types."),
            _ when others.Any(type => type.Currency != wanted.Currency) =>
                Refusal.Conflict("currency-differs", $"All tickets of this event are sold in {others[0].Currency}.") with { Field = "currency" },
            _ when wanted.QuotaIds.Any(id => FindQuota(id) is null) =>
                Refusal.Unprocessable("quota-unknown", "The event has no such quota. Add the quota first.", "quotaIds"),
            EventStatus.Published when !isNew && Find(wanted.TicketTypeId)!.Currency != wanted.Currency =>
                Refusal.Conflict("currency-fixed", "The currency stays as it was when the event was published.") with { Field = "currency" },
            _ when wanted.PriceRule?.RefuseWith(wanted.Price) is { } refusal => refusal with { Field = "price" },
            _ => (this with { TicketTypes = [.. others.Append(wanted).OrderBy(type => type.Position).ThenBy(type => type.TicketTypeId)] }).Announced(),
        };
    }

    public Change<Event> RemoveTicketType(Guid ticketTypeId) => Status switch
    {
        _ when Find(ticketTypeId) is null => Decision.Nothing,
        EventStatus.Cancelled => IsCancelled,
        EventStatus.Published => Refusal.Conflict(
            "ticket-type-published", "Tickets of this type may be sold already. Close its sale by giving it an end (salesUntil)."),
        _ => this with { TicketTypes = [.. TicketTypes.Where(type => type.TicketTypeId != ticketTypeId)] },
    };

    public Change<Event> SetQuestion(Question wanted)
    {
        var others = Questions.Where(question => question.QuestionId != wanted.QuestionId).ToArray();
        return Status switch
        {
            _ when FindQuestion(wanted.QuestionId)?.AsksTheSameAs(wanted) is true => Decision.Nothing,
            EventStatus.Cancelled => IsCancelled,
            _ when others.Count(question => !question.Removed) >= MaxQuestions =>
                Refusal.Conflict("too-many-questions", $"An event asks at most {MaxQuestions} questions."),
            _ when others.Length >= 4 * MaxQuestions =>
                Refusal.Conflict("too-many-questions", "Too many questions were removed from this event. Change one that is there."),
            _ when wanted.TicketTypeIds.FirstOrDefault(type => Find(type) is null) is var unknown && unknown != Guid.Empty =>
                Refusal.Unprocessable("ticket-type-unknown", "The event has no such ticket type.", "ticketTypeIds"),
            EventStatus.Published when FindQuestion(wanted.QuestionId) is { } asked && asked.Kind != wanted.Kind =>
                Refusal.Conflict("kind-fixed", "It may have been answered already: remove it and ask another.") with { Field = "kind" },
            _ => (this with { Questions = InOrder(others.Append(wanted)) }).Announced(),
        };
    }

    public Change<Event> RemoveQuestion(Guid questionId) => Status switch
    {
        _ when FindQuestion(questionId) is not { Removed: false } => Decision.Nothing,
        EventStatus.Cancelled => IsCancelled,
        EventStatus.Draft => this with { Questions = [.. Questions.Where(question => question.QuestionId != questionId)] },
        _ => (this with
        {
            Questions = InOrder(Questions.Select(question => question.QuestionId == questionId ? question with { Removed = true } : question)),
        }).Announced(),
    };

    public Change<Event> SetAfterSale(AfterSaleTerms wanted) =>
        Status is EventStatus.Cancelled ? IsCancelled : (this with { AfterSale = wanted }).Announced();

    public Question? FindQuestion(Guid questionId) => Questions.FirstOrDefault(question => question.QuestionId == questionId);

    private static Question[] InOrder(IEnumerable<Question> questions) =>
        [.. questions.OrderBy(question => question.Removed).ThenBy(question => question.Position).ThenBy(question => question.QuestionId)];

    public Change<Event> SetQuota(Quota wanted)
    {
        var others = Quotas.Where(quota => quota.QuotaId != wanted.QuotaId).ToArray();
        return Status switch
        {
            _ when FindQuota(wanted.QuotaId) == wanted => Decision.Nothing,
            EventStatus.Cancelled => IsCancelled,
            _ when others.Length == Quotas.Count && Quotas.Count >= MaxQuotas =>
                Refusal.Conflict("too-many-quotas", $"An event has at most {MaxQuotas} quotas."),
            _ => (this with { Quotas = [.. others.Append(wanted).OrderBy(quota => quota.QuotaId)] }).Announced(),
        };
    }

    public Change<Event> RemoveQuota(Guid quotaId) => Status switch
    {
        _ when FindQuota(quotaId) is null => Decision.Nothing,
        EventStatus.Cancelled => IsCancelled,
        _ when TicketTypes.FirstOrDefault(type => type.QuotaIds.Contains(quotaId)) is { } drawing =>
            Refusal.Conflict("quota-in-use", $"The ticket type {drawing.Name} draws on it. Take it from its quotas first."),
        _ => (this with { Quotas = [.. Quotas.Where(quota => quota.QuotaId != quotaId)] }).Announced(),
    };

    public Quota? FindQuota(Guid quotaId) => Quotas.FirstOrDefault(quota => quota.QuotaId == quotaId);

    public TicketType? Find(Guid ticketTypeId) => TicketTypes.FirstOrDefault(type => type.TicketTypeId == ticketTypeId);
}
