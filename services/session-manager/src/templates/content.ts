/** A template's components, spelled as the provider spells them. What comes from the provider may be of other kinds too. */

export type Category = "marketing" | "utility" | "authentication";

export type NamedSample = { param_name: string; example: string };

export type Header = {
  type: "HEADER";
  format: "TEXT" | "IMAGE" | "VIDEO" | "DOCUMENT" | "LOCATION";
  text?: string | undefined;
  example?:
    | {
        header_text?: string[] | undefined;
        header_text_named_params?: NamedSample[] | undefined;
        header_handle?: string[] | undefined;
      }
    | undefined;
};

export type Body = {
  type: "BODY";
  text?: string | undefined;
  add_security_recommendation?: boolean | undefined;
  example?:
    | { body_text?: string[][] | undefined; body_text_named_params?: NamedSample[] | undefined }
    | undefined;
};

export type Footer = {
  type: "FOOTER";
  text?: string | undefined;
  code_expiration_minutes?: number | undefined;
};

export type Button =
  | { type: "QUICK_REPLY"; text: string }
  | { type: "URL"; text: string; url: string; example?: string[] | undefined }
  | { type: "PHONE_NUMBER"; text: string; phone_number: string }
  | { type: "COPY_CODE"; example: string }
  | { type: "CATALOG"; text: string }
  | {
      type: "FLOW";
      text: string;
      flow_id: string;
      flow_action?: string | undefined;
      navigate_screen?: string | undefined;
    }
  | {
      type: "OTP";
      otp_type: "COPY_CODE" | "ONE_TAP" | "ZERO_TAP";
      text?: string | undefined;
      autofill_text?: string | undefined;
      zero_tap_terms_accepted?: boolean | undefined;
      supported_apps?: { package_name: string; signature_hash: string }[] | undefined;
    };

export type Buttons = { type: "BUTTONS"; buttons: Button[] };

/** Cards side by side, each with a picture or a film. */
export type Carousel = { type: "CAROUSEL"; cards: Card[] };
export type Card = { components: (Header | Body | Buttons)[] };

/** An offer that ends, with its code and a clock that runs. */
export type LimitedTimeOffer = {
  type: "LIMITED_TIME_OFFER";
  limited_time_offer: { text: string; has_expiration?: boolean | undefined };
};

export type Component = Header | Body | Footer | Buttons | Carousel | LimitedTimeOffer;

export type TemplateContent = {
  name: string;
  language: string;
  category: Category;
  named: boolean;
  components: readonly Component[];
  /** Seconds that a message of it is worth delivering, -1 for 30 days; null: the provider's own time. */
  ttlS: number | null;
};
