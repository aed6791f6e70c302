using EventFly.Auth.Accounts;
using EventFly.Auth.ApiKeys;
using EventFly.Auth.Codes;
using EventFly.Auth.Invitations;
using EventFly.Auth.Letters;
using EventFly.Auth.Lockout;
using EventFly.Auth.Memberships;
using EventFly.Auth.PasswordResets;
using EventFly.Auth.Secrets;
using EventFly.Auth.Sessions;
using EventFly.Auth.Tokens;
using EventFly.Auth.Verification;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Events;
using EventFly.Contracts.Organizations;
using EventFly.ServiceDefaults;

namespace EventFly.Auth;

/// <summary>Table of contents: what auth stores, hears and answers.</summary>
internal static class AuthService
{
    public static void AddAuth(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidation();
        services.AddSettings<PasswordOptions>("Passwords");
        services.AddSettings<SessionTimes>("Sessions");
        services.AddSettings<AttemptOptions>("Attempts");
        services.AddSettings<SigningKeyOptions>("SigningKeys");
        services.AddSettings<KeyProtectionOptions>("SigningKeys");
        builder.TrustProxies();

        services.AddDocuments(Account.Documents);
        services.AddDocuments(Session.Documents);
        services.AddDocuments(PasswordReset.Documents);
        services.AddDocuments(SigningKeyRing.Documents);
        services.AddDocuments(ApiKey.Documents);
        services.AddDocuments(Invitation.Documents);
        services.AddMessaging("auth");
        services.On<OrganizationCreated, WhenOrganizationCreated>();
        services.On<StaffInvited, WhenStaffInvited>();
        services.On<StaffAccessChanged, WhenStaffAccessChanged>();
        services.On<StaffRemoved, WhenStaffRemoved>();
        services.On<EventStaffAssigned, WhenEventStaffAssigned>();
        services.On<EventStaffRemoved, WhenEventStaffRemoved>();

        services.AddSingleton<KeyProtection>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<KnownNetworks>();
        services.AddSingleton<ResetIds>();
        services.AddMail();
        services.AddSingleton<Post>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<StartSession>();
        services.AddSingleton<EndSessions>();
        services.AddSingleton<SignUp>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<AcceptInvitation>();
        services.AddSigningKeys();
        services.AddHostedService<RepeatRevocations>();
        services.AddSingleton<RevokeKeys>();
        services.AddHostedService<RepeatKeyRevocations>();
    }

    public static void MapAuth(this WebApplication app)
    {
        GetKeys.Map(app);

        var auth = app.MapGroup("/api/auth").WithTags("auth").RefuseApiKeys();
        SignUp.Map(auth);
        GetMe.Map(auth);
        ChangeName.Map(auth);
        ChangePassword.Map(auth);
        VerifyEmail.Map(auth);
        SendVerification.Map(auth);
        ChangeEmail.Map(auth);
        AskForReset.Map(auth);
        ConfirmReset.Map(auth);

        SignIn.Map(auth);
        RefreshSession.Map(auth);
        ListSessions.Map(auth);
        EndSession.Map(auth);

        AcceptInvitation.Map(auth);
        SwitchOrganization.Map(auth);

        MakeApiKey.Map(auth);
        ListApiKeys.Map(auth);
        RevokeApiKey.Map(auth);
        ExchangeApiKey.Map(auth);
    }

    private static void AddSettings<T>(this IServiceCollection services, string section)
        where T : class => services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
}
